/** Files on their way in. */
export const moving = {
  "transfer.why.file": "有一个文件未导入：",
  "transfer.why.fileTooLarge": "有一个文件太大，未导入：",
};
